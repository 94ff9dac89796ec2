using System.Runtime.CompilerServices;

namespace LlmKit.Observability.Tracing;

/// <summary>The prepared settings of scopes: each set of options is read once.</summary>
internal static class ScopePolicies
{
    private static readonly ConditionalWeakTable<TracingOptions, TracingPolicy> Prepared = [];
    private static readonly Lazy<TracingPolicy> Default = new(static () => Prepare(new()));

    public static TracingPolicy Of(TracingOptions? options) => options is null ? Default.Value : Prepared.GetValue(options, Prepare);

    private static TracingPolicy Prepare(TracingOptions options)
    {
        var failures = new List<string>();
        var policy = TracingPolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : policy;
    }
}
