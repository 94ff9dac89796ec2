namespace LlmKit.Observability.Replay;

/// <summary>A failure that was recorded, thrown again when it is replayed.</summary>
/// <remarks><c>GetModelFailure()</c> gives the kind, status, code and wait of the failure that was recorded, so that retries, circuits and fallbacks do as they did then. <c>llmkit.replay</c> is in its <see cref="Exception.Data"/>.</remarks>
public sealed class RecordedFailureException : LlmException
{
    internal RecordedFailureException(string type, string message) : base($"{message} (recorded from '{type}')")
    {
        OriginalType = type;
        Data[LlmKitDiagnostics.ReplayTag] = true;
    }

    /// <summary>Gets the full name of the type of the exception that was recorded.</summary>
    public string OriginalType { get; }
}
