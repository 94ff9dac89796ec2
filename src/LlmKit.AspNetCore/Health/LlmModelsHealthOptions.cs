using LlmKit.AspNetCore.Health;

namespace LlmKit.AspNetCore;

/// <summary>How the health of models is judged: by the traffic that there is, and by probes only where they are asked for.</summary>
public sealed class LlmModelsHealthOptions
{
    /// <summary>Gets or sets from which share of failures among recent attempts a model counts as a degradation while its circuit is still closed, or where it has none.</summary>
    /// <value>Above 0 and at most 1, of 5 attempts or more; 0.25 by default; <see langword="null"/>: only circuits count.</value>
    public double? DegradedAt { get; set; } = 0.25;

    /// <summary>Gets or sets for whom probes are made: budgets and limits of each tenant and user hold them too.</summary>
    /// <value><c>health</c> by default.</value>
    public string ProbeTenant { get; set; } = "health";

    internal List<ModelProbe> Probes { get; } = [];

    /// <summary>Asks a model for a word now and then. It costs money: some 20 tokens each time.</summary>
    /// <remarks>The request goes through the whole pipeline, past its cache, as the feature <c>health</c>. What LlmKit refuses (a budget, a limit, an open circuit) says nothing of the model.</remarks>
    /// <param name="model">The registered model's name.</param>
    /// <param name="every">How long a result is good for; 1 second or more. Checks in between tell it again.</param>
    /// <param name="pipeline">The pipeline's key; <see langword="null"/> for the unnamed one.</param>
    public void Probe(string model, TimeSpan every, string? pipeline = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, TimeSpan.FromSeconds(1));
        Probes.Add(new(model, every, pipeline));
    }
}
