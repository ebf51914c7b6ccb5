namespace AIHigress.Load;

/// <summary>Where things are in the working copy that this was built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string ResultsFolder => Path.Combine(Root, "bench", "Load", "results");

    /// <summary>Where the peer's package is fetched to.</summary>
    public static string PeerFolder => Path.Combine(Root, "artifacts", "bench", "peer");

    /// <summary>The gateway, built beside us in the same configuration.</summary>
    public static string GatewayAssembly
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var path = Path.Combine(Root, "src", "Gateway", "bin", output.Parent!.Name, output.Name, "aihigress.dll");
            return File.Exists(path) ? path : throw new FileNotFoundException("The gateway is not built; build bench/Load with -c Release.", path);
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AIHigress.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("This is not run from within the working copy that it was built in.");
    }
}
