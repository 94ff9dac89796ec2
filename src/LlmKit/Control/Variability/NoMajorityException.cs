using System.Globalization;

namespace LlmKit;

/// <summary>No majority of the samples agreed on an answer, and the feature neither escalates nor has an answer for that.</summary>
public sealed class NoMajorityException : LlmException
{
    internal NoMajorityException(int agreeing, int samples, int needed)
        : base(string.Create(CultureInfo.InvariantCulture, $"Of {samples} samples at most {agreeing} agreed, and {needed} are needed. Tell the user that the answer is uncertain, or set ConsistentFeature.EscalateTo or AbstainWith."))
    {
        Agreeing = agreeing;
        Samples = samples;
    }

    /// <summary>Gets how many samples at most agreed.</summary>
    public int Agreeing { get; }

    /// <summary>Gets how many samples were asked for.</summary>
    public int Samples { get; }
}
