using LlmKit.Internal.Keys;

namespace LlmKit;

/// <summary>The feature's answer is one that most of several samples agree on, and that has the form that was asked for.</summary>
/// <remarks>
/// Self-consistency (Wang et al., arXiv 2203.11171) with an early stop: as many samples are asked for at once as would make a majority, then only
/// as many more as are still missing, and none when no majority can come any more. Each sample is a call of its own inside the call, without the
/// cache, and is paid. A stream begins when the answer stands. Settings: change them only while the pipeline is being configured.
/// </remarks>
public sealed class ConsistentFeature : FeatureVariability
{
    internal const int MostSamplesEver = 25;

    /// <summary>Gets or sets how many samples there may be; more than half of this number must agree.</summary>
    /// <value>5 by default, so that 3 must agree; 1 to 25. 1 only holds the answer to its form.</value>
    public int MostSamples { get; set; } = 5;

    /// <summary>Gets or sets what of an answer must agree. Tool calls agree when names and arguments do.</summary>
    /// <value><see cref="AnswerValues.Text"/> by default: right for labels. An answer without such a value has no vote.</value>
    public IAnswerValue Value { get; set; } = AnswerValues.Text;

    /// <summary>Gets or sets the form that an answer must have to have a vote.</summary>
    /// <value><see cref="AnswerFormats.Requested"/> by default: what the request's own response format says.</value>
    public IAnswerFormat Format { get; set; } = AnswerFormats.Requested;

    /// <summary>Gets or sets the registered model whose answer is taken when no majority comes about.</summary>
    /// <value><see langword="null"/> by default: the call abstains.</value>
    public string? EscalateTo { get; set; }

    /// <summary>Gets or sets what the call answers when it abstains.</summary>
    /// <value><see langword="null"/> by default: it throws <see cref="NoMajorityException"/>.</value>
    public string? AbstainWith { get; set; }

    internal ConsistentFeature Copy() => (ConsistentFeature)MemberwiseClone();

    internal override string Word => "consistent";

    /// <summary>Gets how many samples must agree.</summary>
    internal int Majority => (MostSamples / 2) + 1;

    internal override void Validate(string feature, IReadOnlyList<string> models, List<string> failures)
    {
        if (MostSamples is < 1 or > MostSamplesEver)
            failures.Add($"The feature '{feature}' may have '{MostSamples}' samples. Set ConsistentFeature.MostSamples to 1 to {MostSamplesEver}, such as 5.");
        if (EscalateTo is not null && !models.Contains(EscalateTo))
            failures.Add($"The feature '{feature}' escalates to the model '{EscalateTo}', which is not registered. Set ConsistentFeature.EscalateTo to a registered name.");
        if (Value is null || Format is null)
            failures.Add($"The feature '{feature}' has no value or no form to compare. Set ConsistentFeature.Value and Format, or leave them as they are.");
    }

    internal override void WriteKey(KeyWriter key)
    {
        base.WriteKey(key);
        key.Number(MostSamples);
        key.Text(EscalateTo);
    }
}
