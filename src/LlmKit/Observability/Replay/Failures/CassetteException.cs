namespace LlmKit.Observability.Replay;

/// <summary>A cassette cannot be read, cannot be written, or cannot hold what it was given.</summary>
public sealed class CassetteException : LlmException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause, if any.</param>
    public CassetteException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>Gets whether a single value has no JSON: where it is not needed it can be left out.</summary>
    internal bool IsOfValue { get; init; }
}
