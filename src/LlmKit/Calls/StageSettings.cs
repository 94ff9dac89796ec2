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

    /// <summary>Gets the snapshot now in force; <see langword="null"/> for a stage used alone.</summary>
    public CallSetup? Snapshot => _current?.Invoke();

    /// <summary>Gets the settings of the snapshot that a call started with.</summary>
    public T For(LlmCall call) => _fixed ?? (T)SnapshotFor(call)!.Slots[_slot];

    /// <summary>Gets the snapshot itself; <see langword="null"/> for a stage used alone.</summary>
    public CallSetup? SnapshotFor(LlmCall call)
    {
        if (_current is null)
            return null;
        var current = _current();
        return ReferenceEquals(call.Setup.Owner, current.Owner) ? call.Setup : current;
    }
}
