using System.Reflection;
using AIHigress.Gateway.Data;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Microsoft.EntityFrameworkCore;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace AIHigress.Gateway.UnitTests.Architecture;

/// <summary>"Which way knowledge runs" of architecture.md §1, held by the compiler's output.</summary>
public sealed class LayerTests
{
    private const string Root = "AIHigress.Gateway.";
    private static readonly Assembly Gateway = typeof(GatewayDbContext).Assembly;
    private static readonly Assembly Wire = Assembly.Load("AIHigress.Wire");

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies(Gateway, Wire, typeof(DbContext).Assembly, typeof(Microsoft.Extensions.Configuration.IConfiguration).Assembly)
        .Build();

    // What each part may use of the others. Data, Common, Hosting and Identity are open to all but where noted.
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["DataPlane"] = ["Common", "Hosting", "Features.Identity", "Features.Providers", "Features.Models", "Features.Usage", "Features.Responses"],
        ["Features.Identity"] = ["Common", "Hosting", "Data", "Features.Notifications"],
        ["Features.Notifications"] = ["Common", "Hosting", "Data", "Features.Identity"],
        ["Features.Providers"] = ["Common", "Hosting", "Data", "Features.Identity", "Features.Notifications"],
        ["Features.Models"] = ["Common", "Hosting", "Data", "Features.Identity", "Features.Notifications", "Features.Providers", "Features.Usage"],

        // Which provider keys a log may name depends on who owns the provider.
        ["Features.Usage"] = ["Common", "Hosting", "Data", "Features.Identity", "Features.Notifications", "Features.Providers"],
        ["Features.Responses"] = ["Common", "Hosting", "Data", "Features.Identity", "Features.Notifications"],
        ["Features.Administration"] = ["Common", "Hosting", "Data", "Features.Identity", "Features.Notifications", "Features.Providers", "Features.Models", "Features.Usage", "Features.Responses"],
        ["Common"] = ["Hosting.Errors"],
    };

    public static TheoryData<string, string> Forbidden()
    {
        var parts = May.Keys.Append("Data").Append("Hosting").ToList();
        var pairs =
            from user in May
            from used in parts
            where used != user.Key && !user.Value.Any(allowed => allowed == used || allowed.StartsWith(used + ".", StringComparison.Ordinal))
            select (user.Key, used);
        return [.. pairs];
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Part_UsesNoOtherThanAllowed(string user, string used)
    {
        var offenders =
            from type in Code.Types
            where IsIn(type, user)
            from target in type.GetTypeDependencies(Code)
            where IsIn(target, used)
            select $"{type.FullName} → {target.FullName}";

        Assert.Empty(offenders.Distinct().Take(10));
    }

    [Fact]
    public void DataPlane_KnowsNoDatabaseAndNoConfiguration()
    {
        var offenders =
            from type in Code.Types
            where IsIn(type, "DataPlane")
            from target in type.GetTypeDependencies(Code)
            where target.FullName.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal)
                || target.FullName is "Microsoft.Extensions.Configuration.IConfiguration" or "Microsoft.Extensions.Configuration.ConfigurationManager"
            select $"{type.FullName} → {target.FullName}";

        Assert.Empty(offenders.Distinct());
    }

    [Fact]
    public void Wire_ReferencesNothingOfOursAndNoFramework()
    {
        var references = Wire.GetReferencedAssemblies().Select(a => a.Name!).ToList();

        Assert.DoesNotContain(references, name => name.StartsWith("AIHigress", StringComparison.Ordinal) || name == "aihigress");
        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.E", StringComparison.Ordinal));
    }

    [Fact]
    public void Features_HoldTheOnlyEntities()
    {
        IArchRule rule = Classes().That().ImplementInterface(typeof(IEntityTypeConfiguration<>))
            .Should().ResideInNamespaceMatching(@"^AIHigress\.Gateway\.(Features|Data)(\..*)?$").WithoutRequiringPositiveResults();

        rule.Check(Code);
    }

    [Fact]
    public void Classes_AreSealedUnlessMadeForDeriving()
    {
        var open = Gateway.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false, IsSealed: false, IsNested: false })
            .Where(t => t.Namespace?.StartsWith("AIHigress.Gateway", StringComparison.Ordinal) == true && !t.Namespace.Contains(".Migrations.", StringComparison.Ordinal))
            .Where(t => !Gateway.GetTypes().Any(other => other.BaseType == t))
            .Select(t => t.FullName);

        Assert.Empty(open);
    }

    /// <summary>The framework silently skips the annotations of internal request records.</summary>
    [Fact]
    public void RequestRecords_ArePublic()
    {
        var hidden =
            from type in Gateway.GetTypes()
            where type.Namespace?.StartsWith(Root + "Features", StringComparison.Ordinal) == true && !type.IsPublic && !type.IsNested
            where type.GetProperties().Concat<MemberInfo>(type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.Member))
                .SelectMany(m => m.GetCustomAttributes<System.ComponentModel.DataAnnotations.ValidationAttribute>()).Any()
            select type.FullName;

        Assert.Empty(hidden);
    }

    [Fact]
    public void Names_SayWhatTheyAre()
    {
        string[] vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Service", "Services"];
        var named = Gateway.GetTypes().Concat(Wire.GetTypes())
            .Where(t => t.Namespace?.StartsWith("AIHigress", StringComparison.Ordinal) == true && !t.IsNested && !t.Name.Contains('<', StringComparison.Ordinal))
            .Where(t => vague.Any(v => t.Name.EndsWith(v, StringComparison.Ordinal)))
            .Select(t => t.FullName);

        Assert.Empty(named);
    }

    private static bool IsIn(IType type, string part) =>
        type.FullName.StartsWith($"{Root}{part}.", StringComparison.Ordinal);
}
