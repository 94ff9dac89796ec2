namespace Evaluate;

/// <summary>What the command line asks of the detectors' evaluation.</summary>
/// <param name="File">The labelled texts.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
internal sealed record GuardSettings(string File, bool Json)
{
    public const string Usage = """
          guard FILE.jsonl [options]     what the detectors find in labelled texts, and how fast the default rail is
            lines: {"entity": "US_SSN", "text": "…", "spans": [[start, end]]} in code points, or "count" in place of "spans";
                   {"text": "…", "attack": true, "kind": "jailbreak"}
            --json                       one JSON object on standard output and nothing else
        """;

    /// <exception cref="UsageException">An argument is unknown or twice there, or the file is missing.</exception>
    public static GuardSettings Parse(string[] arguments)
    {
        var read = Arguments.Read(arguments);
        return read.Over(new GuardSettings(read.File, read.Json), (_, name, _) => Arguments.Unknown<GuardSettings>(name));
    }
}
