using LlmKit.Calls;

namespace LlmKit;

/// <summary>Ambient identity for the calls made inside it, for code that cannot pass <see cref="LlmCallOptions"/>.</summary>
/// <remarks>
/// Flows with the asynchronous context. It is read once, when a pipeline's method is called: a stream that is enumerated later, or
/// elsewhere, keeps what stood when it was asked for. What a call's own options say wins; a nested scope inherits what it does not set.
/// </remarks>
public sealed class LlmScope : IDisposable
{
    private static readonly AsyncLocal<LlmScope?> Ambient = new();
    // A program that never begins a scope need not look for one.
    private static volatile bool IsInUse;
    private readonly LlmScope? _outer;
    private bool _disposed;

    private LlmScope(CallIdentity identity, LlmInteraction? interaction, LlmScope? outer)
    {
        Identity = identity;
        Interaction = interaction;
        _outer = outer;
    }

    internal static LlmScope? Current => IsInUse ? Ambient.Value : null;

    internal CallIdentity Identity { get; }

    internal LlmInteraction? Interaction { get; }

    /// <summary>Opens a scope; dispose of it in the same method.</summary>
    /// <param name="tenant">The customer organisation, or <see langword="null"/> to inherit it.</param>
    /// <param name="user">The person or account, or <see langword="null"/> to inherit it.</param>
    /// <param name="feature">The call site, or <see langword="null"/> to inherit it.</param>
    /// <param name="interaction">The interaction, or <see langword="null"/> to inherit it.</param>
    /// <returns>The scope, which ends when it is disposed of.</returns>
    public static LlmScope Begin(string? tenant = null, string? user = null, string? feature = null, LlmInteraction? interaction = null)
    {
        IsInUse = true;
        var outer = Ambient.Value;
        var identity = new CallIdentity(tenant, user, feature);
        var scope = new LlmScope(outer is null ? identity : identity.Or(outer.Identity), interaction ?? outer?.Interaction, outer);
        Ambient.Value = scope;
        return scope;
    }

    /// <summary>Ends the scope: the one around it applies again.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (ReferenceEquals(Ambient.Value, this))
            Ambient.Value = _outer;
    }
}
