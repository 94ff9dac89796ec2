namespace LlmKit;

/// <summary>A guard that is a function of yours: the door to anybody's service.</summary>
/// <param name="name">The name in steps and metrics.</param>
/// <param name="evaluate">The function; thread-safe.</param>
public sealed class DelegateGuard(string name, Func<GuardInput, CancellationToken, ValueTask<GuardVerdict>> evaluate) : IGuard
{
    private readonly Func<GuardInput, CancellationToken, ValueTask<GuardVerdict>> _evaluate = evaluate ?? throw new ArgumentNullException(nameof(evaluate));

    /// <inheritdoc/>
    public string Name { get; } = string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("The guard has no name. Give it one, such as 'toxicity'.", nameof(name)) : name;

    /// <inheritdoc/>
    public ValueTask<GuardVerdict> EvaluateAsync(GuardInput input, CancellationToken cancellationToken) => _evaluate(input, cancellationToken);
}
