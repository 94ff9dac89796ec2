namespace LlmKit.OpenAI.Failures;

/// <summary>The endpoint answered with HTTP 200, but with an error, or with something that is no chat completion.</summary>
internal sealed class UnreadableAnswerException : LlmException
{
    private UnreadableAnswerException(string message, ErrorBody? error) : base(message) => Error = error;

    /// <summary>Gets the error that the answer carried, or <see langword="null"/> when it carried nothing readable.</summary>
    internal ErrorBody? Error { get; }

    internal static UnreadableAnswerException WithError(ErrorBody error) =>
        new($"The endpoint reported the error '{error.Code ?? "unnamed"}' inside an answer that had begun with HTTP 200. Try again, or ask the provider what the code means.",
            error);

    internal static UnreadableAnswerException WithFinishReason(ErrorBody error) =>
        new("The endpoint ended its answer with a finish reason that OpenAI does not have, so the answer may be incomplete. Try again, or ask the provider what ModelFailure.ProviderCode means.",
            error);

    internal static UnreadableAnswerException WithoutChoices() =>
        new("The endpoint sent an answer without choices. Check that it implements OpenAI's chat completions.", error: null);

    internal static UnreadableAnswerException WrongCount(int expected, int received) =>
        new($"The endpoint sent {received} embeddings for {expected} inputs. Send fewer inputs per request, or check that it implements OpenAI's embeddings.", error: null);

    // The SDK's own message may quote the answer, so it is named by type and not kept as the inner exception.
    internal static UnreadableAnswerException Malformed(Exception cause) =>
        new($"The endpoint's answer could not be read ('{cause.GetType().Name}'). Check that it implements OpenAI's chat completions.", error: null);
}
