namespace LlmKit.Tests.Support;

/// <summary>The repository that the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Gives the source files under a folder, with paths from the root, as they are written on every system.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
        orderby path
        select (path, File.ReadAllText(file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LlmKit.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("There is no LlmKit.sln above the tests.");
    }
}
