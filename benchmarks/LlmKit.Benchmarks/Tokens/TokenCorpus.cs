using System.Text.Json;

namespace LlmKit.Benchmarks.Tokens;

/// <summary>The texts whose real tokens are known. The file says who counted them.</summary>
internal static class TokenCorpus
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private static readonly Content All = Read();

    /// <summary>Gets who wrote the texts and what counted them.</summary>
    public static string About => All.About;

    public static IReadOnlyList<CorpusText> Texts => All.Texts;

    public static CorpusText[] Of(params string[] kinds) => [.. Texts.Where(text => kinds.Contains(text.Kind))];

    private static Content Read()
    {
        using var stream = typeof(TokenCorpus).Assembly.GetManifestResourceStream("corpus.json")
            ?? throw new InvalidOperationException("The assembly lacks its corpus.");
        return JsonSerializer.Deserialize<Content>(stream, Options)!;
    }

    private sealed record Content(string About, CorpusText[] Texts);
}
