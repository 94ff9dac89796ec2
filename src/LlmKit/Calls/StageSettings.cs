namespace LlmKit.Calls;

/// <summary>The settings of one stage, as the call at hand must see them: a call in flight keeps the snapshot it started with.</summary>
/// <typeparam name="T">The prepared, immutable settings.</typeparam>
internal sealed class StageSettings<T>
    where T : class
{
    private readonly T? _fixed;
    private readonly Func<CallSetup>? _current;
    private readonly int _slot;

    /// <summary>Settings that never change, for a stage used alone.</summary>
    public StageSettings(T value) => _fixed = value;

    /// <summary>Settings kept in a slot of a pipeline's snapshot.</summary>
    public StageSettings(Func<CallSetup> current, int slot)
    {
        _current = current;
        _slot = slot;
    }

    /// <summary>Gets the settings now in force.</summary>
    public T Current => _fixed ?? (T)_current!().Slots[_slot];

    /// <summary>Gets the settings of the snapshot that a call started with.</summary>
    public T For(LlmCall call)
    {
        if (_fixed is not null)
            return _fixed;
        var current = _current!();
        return (T)(ReferenceEquals(call.Setup.Owner, current.Owner) ? call.Setup : current).Slots[_slot];
    }
}
