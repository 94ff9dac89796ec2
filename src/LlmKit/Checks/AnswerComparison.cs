using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Checks;

/// <summary>Two answers to one question, to be compared.</summary>
/// <remarks>Immutable. It holds texts of the conversation: they belong in no log, exception or metric.</remarks>
/// <param name="Question">What the user asked last.</param>
/// <param name="Given">The answer that was given.</param>
/// <param name="Other">The answer to compare it with.</param>
/// <param name="Call">The call that the comparison serves; a judge makes its own calls with <see cref="LlmCall.Child"/>, so that they are paid and shown.</param>
public sealed record AnswerComparison(string Question, string Given, string Other, LlmCall Call)
{
    /// <summary>Gets a door to the pipeline's models by name, for judges.</summary>
    public Func<string, IChatClient>? GetModel { get; init; }

    /// <summary>Says what is compared, without its texts.</summary>
    /// <returns>The lengths.</returns>
    public override string ToString() => $"{Given.Length} characters against {Other.Length}";
}
