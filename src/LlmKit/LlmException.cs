namespace LlmKit;

/// <summary>The base of every exception that LlmKit itself throws because of a call or a configuration.</summary>
/// <remarks>Messages name rules, models, limits and lengths; they never hold a prompt, an answer or a key.</remarks>
public class LlmException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public LlmException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    public LlmException(string? message) : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public LlmException(string? message, Exception? innerException) : base(message, innerException)
    {
    }
}
