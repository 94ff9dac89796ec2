namespace LlmKit;

/// <summary>A stream ended without a finish reason: what was shown may be half an answer.</summary>
public sealed class TruncatedAnswerException : LlmException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="model">The registered model's name.</param>
    public TruncatedAnswerException(string model)
        : base($"The stream of the model '{model}' ended without a finish reason, so the answer may be incomplete. Ask again, or set ModelOptions.RequireFinishReason to false for a server that never sends one.")
        => Model = model;

    /// <summary>Gets the registered model's name.</summary>
    public string Model { get; }
}
