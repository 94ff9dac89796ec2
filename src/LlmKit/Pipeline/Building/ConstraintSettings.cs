using LlmKit.Calls;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Pipeline;

/// <summary>Reads what is declared for a pipeline and its features: code first, then configuration over it.</summary>
internal static class ConstraintSettings
{
    private const string FeaturesSection = "Features";

    public static ConstraintSet Read(PipelineRegistration registration, IConfiguration? section, List<string> failures)
    {
        var all = new LlmConstraints();
        foreach (var configure in registration.Constraints)
            configure(all);
        Bind(section, all, failures);
        all.Validate(failures);

        var features = new Dictionary<string, LlmConstraints>(StringComparer.Ordinal);
        foreach (var (feature, configure) in registration.FeatureConstraints)
            configure(features.TryGetValue(feature, out var own) ? own : features[feature] = all.Copy());
        foreach (var feature in section?.GetSection(FeaturesSection).GetChildren() ?? [])
            Bind(feature, features.TryGetValue(feature.Key, out var own) ? own : features[feature.Key] = all.Copy(), failures);
        foreach (var own in features.Values)
            own.Validate(failures);
        return new(all, features);
    }

    private static void Bind(IConfiguration? section, LlmConstraints constraints, List<string> failures)
    {
        if (section is null)
            return;
        try
        {
            section.Bind(constraints);
        }
        catch (InvalidOperationException exception)
        {
            failures.Add($"The constraints cannot be read: {exception.Message}");
        }
    }
}
