using LlmKit.Checks;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>The checks that compare answers.</summary>
public static class AnswerChecks
{
    /// <summary>Gets the check by text: answers agree when they are equal but for case, white space and closing punctuation. For short answers from a fixed set, such as labels.</summary>
    public static IAnswerCheck SameText { get; } = new SameTextCheck();

    /// <summary>Lets a model of the pipeline judge whether two answers say the same: one small call for each comparison, with its own line of cost on the call that is checked.</summary>
    /// <remarks>The texts are given to the judge as data, quoted as JSON, and only a verdict of one word counts; anything else is undecided.</remarks>
    /// <param name="model">The registered model; best another one than the judged.</param>
    /// <returns>The check.</returns>
    public static IAnswerCheck Judge(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new JudgeCheck(model);
    }

    /// <summary>Lets a chat client judge whether two answers say the same, see <see cref="Judge(string)"/>. What it costs is on record only where the client is a metered one.</summary>
    /// <param name="client">The client. It is not disposed of.</param>
    /// <returns>The check.</returns>
    public static IAnswerCheck Judge(IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new JudgeCheck(client);
    }

    /// <summary>Compares with a function of one's own.</summary>
    /// <param name="compare">The function; thread-safe.</param>
    /// <returns>The check.</returns>
    public static IAnswerCheck Of(Func<AnswerComparison, CancellationToken, ValueTask<AnswerAgreement>> compare)
    {
        ArgumentNullException.ThrowIfNull(compare);
        return new DelegateCheck(compare);
    }

    private sealed class DelegateCheck(Func<AnswerComparison, CancellationToken, ValueTask<AnswerAgreement>> compare) : IAnswerCheck
    {
        public ValueTask<AnswerAgreement> CompareAsync(AnswerComparison comparison, CancellationToken cancellationToken) => compare(comparison, cancellationToken);
    }
}
