namespace LlmKit.Observability.Replay;

/// <summary>A cassette that replays has no recording of a request, or has played all it has.</summary>
/// <remarks>
/// The message names the nearest recording and the first place where it differs. Unlike other exceptions of LlmKit it quotes both texts
/// there, redacted and normalised, because a cassette is a tool for tests: <see cref="CassetteOptions.ShowTexts"/> turns that off.
/// </remarks>
public sealed class CassetteMissException : LlmException
{
    internal CassetteMissException(string message, string key, string scope) : base(message)
    {
        Key = key;
        Scope = scope;
    }

    /// <summary>Gets the key of the request: SHA-256 of its canonical JSON, in hexadecimal.</summary>
    public string Key { get; }

    /// <summary>Gets the scope in which the request was made; empty outside of any.</summary>
    public string Scope { get; }

    /// <summary>Gets whether recordings of this very request exist and were all played before.</summary>
    public bool IsPlayedOut { get; internal init; }

    /// <summary>Gets the key of the recording with the longest common beginning, or <see langword="null"/> when there is no recording at all.</summary>
    public string? NearestKey { get; internal init; }

    /// <summary>Gets the JSON path of the first difference to the nearest recording, such as <c>$.messages[1].parts[0].text</c>.</summary>
    public string? DifferencePath { get; internal init; }

    /// <summary>Gets what stands there in the nearest recording; <see langword="null"/> when nothing does, or texts are not shown.</summary>
    public string? Recorded { get; internal init; }

    /// <summary>Gets what stands there in the request; <see langword="null"/> when nothing does, or texts are not shown.</summary>
    public string? Requested { get; internal init; }
}
