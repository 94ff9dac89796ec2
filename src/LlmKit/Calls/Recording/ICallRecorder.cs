namespace LlmKit.Calls;

/// <summary>Takes down whole calls for those who look into them later.</summary>
/// <remarks>Implementations are thread-safe, never make a call wait and never throw.</remarks>
internal interface ICallRecorder
{
    /// <summary>Begins to take a call down.</summary>
    /// <returns>What to write to; <see langword="null"/> when there is no room for it.</returns>
    CallRecording? Begin(LlmCall call);

    /// <summary>Is told that the request has been written, which may wait long for its answer.</summary>
    void Asked(CallRecording recording);

    /// <summary>Claims a recording of one request for its answer; what is written to it before it ends is written after this.</summary>
    /// <returns><see langword="false"/> when the recorder did not wait for the answer: the recording belongs to it already.</returns>
    bool TryAnswer(CallRecording recording);

    /// <summary>Is told what the texts of a pipeline go through before they are written; <see langword="null"/> for nothing.</summary>
    void Know(Func<string, string>? redact)
    {
    }

    /// <summary>Takes over what was written. It belongs to the recorder from now on.</summary>
    void End(CallRecording recording);
}
