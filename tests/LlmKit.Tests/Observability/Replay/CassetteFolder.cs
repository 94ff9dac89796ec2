using LlmKit.Observability.Replay;

namespace LlmKit.Tests.Observability.Replay;

/// <summary>A folder of a test's own for a cassette, in an environment where nothing is set.</summary>
internal sealed class CassetteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmkit-cassette-");

    public string File => Path.Combine(_folder.FullName, "test.cassette.json");

    public string Text => System.IO.File.ReadAllText(File);

    public string[] Files => [.. _folder.GetFiles().Select(file => file.Name)];

    public Cassette Open(CassetteMode mode, Action<CassetteOptions>? configure = null, Dictionary<string, string>? environment = null)
    {
        var options = new CassetteOptions { Mode = mode };
        configure?.Invoke(options);
        return Cassette.Open(File, options, name => environment?.GetValueOrDefault(name));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
