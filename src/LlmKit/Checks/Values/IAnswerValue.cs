namespace LlmKit;

/// <summary>Reads from an answer what it comes to, so that answers in other words can be told from other answers.</summary>
/// <remarks>Must be thread-safe and give equal texts for equal values.</remarks>
public interface IAnswerValue
{
    /// <summary>Reads the value of an answer.</summary>
    /// <param name="answer">The text of the answer.</param>
    /// <returns>The value in one fixed spelling; <see langword="null"/> when the answer holds none.</returns>
    string? Read(string answer);
}
