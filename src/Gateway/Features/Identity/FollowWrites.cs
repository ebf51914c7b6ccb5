namespace AIHigress.Gateway.Features.Identity;

internal static class FollowWritesExtensions
{
    /// <summary>
    /// Answers to writes of this group wait until this process routes by what was written: a script that makes a
    /// provider and then calls a model of it needs no pause in between.
    /// </summary>
    public static RouteGroupBuilder FollowWrites(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        var answer = await next(context);
        var request = context.HttpContext;
        if (!HttpMethods.IsGet(request.Request.Method))
        {
            await request.RequestServices.GetRequiredService<SnapshotFollower>().FollowAsync(request.RequestAborted);
        }

        return answer;
    });
}
