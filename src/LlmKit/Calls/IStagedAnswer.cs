namespace LlmKit.Calls;

/// <summary>An answer that a stage would keep once the call has ended well. Exactly one of its methods is called, once.</summary>
public interface IStagedAnswer
{
    /// <summary>Keeps the answer: the call closed cleanly. <see cref="LlmCall.Marks"/> tells what happened to it on the way.</summary>
    /// <param name="call">The closed call.</param>
    /// <returns>A task that ends when the answer is kept. A failure is logged by its type and hurts nobody.</returns>
    ValueTask CommitAsync(LlmCall call);

    /// <summary>Drops the answer: the call failed, was cancelled or was abandoned.</summary>
    void Discard();
}
