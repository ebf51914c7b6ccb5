namespace AIHigress.TestKit;

/// <summary>The files of this repository, for tests of what is committed beside the code.</summary>
public static class Repository
{
    /// <summary>Found upwards from where the tests were built.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string FindRoot(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(at.FullName, "AIHigress.slnx")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"{folder} lies in no checkout of this repository.");
    }
}
