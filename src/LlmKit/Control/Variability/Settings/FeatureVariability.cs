using LlmKit.Control.Variability;

namespace LlmKit;

/// <summary>How much the answers of a feature (call site) may vary: <see cref="Free"/>, <see cref="ReproducibleFeature"/> or <see cref="ConsistentFeature"/>.</summary>
public abstract class FeatureVariability
{
    private protected FeatureVariability()
    {
    }

    /// <summary>Gets the declaration that answers may vary as they do: nothing is changed.</summary>
    public static FeatureVariability Free { get; } = new FreeFeature();

    /// <summary>Gets the word for it in steps and metrics.</summary>
    internal abstract string Word { get; }

    /// <summary>Checks the settings against the models that are registered.</summary>
    internal virtual void Validate(string feature, IReadOnlyList<string> models, List<string> failures)
    {
    }

    /// <summary>Writes what an answer that was kept under this declaration depends on.</summary>
    internal virtual void WriteKey(Internal.Keys.KeyWriter key) => key.Text(Word);

    private sealed class FreeFeature : FeatureVariability
    {
        internal override string Word => "free";
    }
}
