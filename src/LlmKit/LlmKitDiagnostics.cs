using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit;

/// <summary>The names under which LlmKit reports: add them to OpenTelemetry.</summary>
public static class LlmKitDiagnostics
{
    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "LlmKit";

    /// <summary>The name of the meter.</summary>
    public const string MeterName = "LlmKit";

    internal static readonly ActivitySource ActivitySource = new(ActivitySourceName);

    internal static readonly Meter Meter = new(MeterName);
}
