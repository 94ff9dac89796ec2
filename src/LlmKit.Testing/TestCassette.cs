using System.Runtime.CompilerServices;
using LlmKit.Observability.Replay;

namespace LlmKit.Testing;

/// <summary>Gives each test a cassette of its own, beside its source: <c>Cassettes/TriageTests.Complaint_IsUrgent.cassette.json</c>.</summary>
/// <remarks>
/// Thread-safe, and for any test framework: the compiler gives the file and the method of the caller, so call it from the test itself. Keep the
/// folder in version control. Where the sources are not at hand, as in a build that maps paths, the file is looked for below the folder of
/// the tests' assembly, to which the project may copy it.
/// </remarks>
public static class TestCassette
{
    /// <summary>The name of the folder beside a test's source.</summary>
    public const string FolderName = "Cassettes";

    /// <summary>Opens the cassette of the calling test.</summary>
    /// <param name="options">The settings; the defaults when <see langword="null"/>: the first run records, later ones replay.</param>
    /// <param name="name">What tells it from others of the same source; the name of the test when <see langword="null"/>. Needed for each case of a test with cases that ask different things.</param>
    /// <param name="test">The calling test; given by the compiler.</param>
    /// <param name="source">Its source; given by the compiler.</param>
    /// <returns>The cassette; the caller disposes of it.</returns>
    /// <exception cref="CassetteException">It replays and there is no file, or the file is damaged, or neither the source nor the file is at hand.</exception>
    public static Cassette Open(CassetteOptions? options = null, string? name = null, [CallerMemberName] string test = "", [CallerFilePath] string source = "") =>
        Cassette.Open(PathOf(name, test, source), options);

    /// <summary>Gives where the cassette of the calling test is, or will be.</summary>
    /// <param name="name">What tells it from others of the same source; the name of the test when <see langword="null"/>.</param>
    /// <param name="test">The calling test; given by the compiler.</param>
    /// <param name="source">Its source; given by the compiler.</param>
    /// <returns>The path.</returns>
    /// <exception cref="CassetteException">Neither the source nor the file is at hand.</exception>
    public static string PathOf(string? name = null, [CallerMemberName] string test = "", [CallerFilePath] string source = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        var file = $"{FileNameOf(source)}.{Safe(name ?? test)}.cassette.json";
        var folder = Path.GetDirectoryName(source);
        if (Directory.Exists(folder))
            return Path.Combine(folder, FolderName, file);
        return Directory.EnumerateFiles(AppContext.BaseDirectory, file, SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new CassetteException($"The folder '{folder}' of the test's source is not on this machine, and there is no '{file}' below '{AppContext.BaseDirectory}'. A deterministic build maps paths: set DeterministicSourcePaths to false in the test project, or copy the folder '{FolderName}' to the output.");
    }

    // A source of another system may have been compiled here.
    private static string FileNameOf(string source) => Path.GetFileNameWithoutExtension(source[(source.LastIndexOfAny(['/', '\\']) + 1)..]);

    private static string Safe(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '-'));
}
