using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Says whether an answer has the form that was asked for.</summary>
/// <remarks>Must be thread-safe.</remarks>
public interface IAnswerFormat
{
    /// <summary>Checks an answer.</summary>
    /// <param name="answer">The text of the answer.</param>
    /// <param name="options">The options that it was asked with.</param>
    /// <returns>What is wrong, a sentence each, for the model that is to repair it; empty when nothing is. It names places, never values.</returns>
    IReadOnlyList<string> Check(string answer, ChatOptions options);
}
