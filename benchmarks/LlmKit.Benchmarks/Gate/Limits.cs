using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmKit.Benchmarks.Gate;

/// <summary>The limits beside the benchmarks, as the file holds them.</summary>
internal sealed record Limits
{
    /// <summary>Gets the rows that tell how fast this machine is, with their nanoseconds on the machine that the limits in nanoseconds are meant for.</summary>
    public required IReadOnlyList<Yardstick> Yardsticks { get; init; }

    [JsonPropertyName("limits")]
    public required IReadOnlyList<Limit> All { get; init; }

    public static Limits Read()
    {
        using var file = typeof(Limits).Assembly.GetManifestResourceStream("limits.json")!;
        return JsonSerializer.Deserialize(file, LimitsJson.Default.Limits)!;
    }

    /// <summary>Gives the limits of some classes, named without their ending; all when none is named.</summary>
    public Limits Of(IReadOnlyList<string> classes)
    {
        if (classes.FirstOrDefault(name => !All.Any(limit => limit.IsOf(name))) is { } unknown)
            throw new InvalidOperationException($"limits.json has no row of '{unknown}'. Name classes without 'Benchmark', such as Router.");
        return classes.Count == 0 ? this : this with { All = [.. All.Where(limit => classes.Any(limit.IsOf))] };
    }
}

/// <summary>A row whose time on the reference machine is known.</summary>
/// <param name="Row">The row.</param>
/// <param name="Nanoseconds">Its time there.</param>
internal sealed record Yardstick(string Row, double Nanoseconds);

/// <summary>What one row may take.</summary>
internal sealed record Limit
{
    public required string Row { get; init; }

    /// <summary>Gets the most bytes for one call.</summary>
    public long? Bytes { get; init; }

    /// <summary>Gets the most bytes for one update, found from the same row with 200 updates, whose name ends with 200.</summary>
    public double? BytesPerUpdate { get; init; }

    /// <summary>Gets the most nanoseconds for one update, as on the reference machine, found likewise.</summary>
    public double? NanosecondsPerUpdate { get; init; }

    /// <summary>Gets the most nanoseconds, as on the reference machine.</summary>
    public double? Nanoseconds { get; init; }

    /// <summary>Gets the row without the stage: what counts is only what the stage adds to it.</summary>
    public string? Above { get; init; }

    /// <summary>Gets the most time as a multiple of the row <see cref="Of"/>.</summary>
    public double? Times { get; init; }

    public string? Of { get; init; }

    /// <summary>Gets whether it limits time, and not bytes alone.</summary>
    public bool IsTimed => (Nanoseconds ?? NanosecondsPerUpdate ?? Times) is not null;

    public bool IsPerUpdate => BytesPerUpdate is not null || NanosecondsPerUpdate is not null;

    public bool IsOf(string name) => Row.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase);

    public IEnumerable<string> Rows => new[] { Row, Of, Above, IsPerUpdate ? Row + "200" : null, IsPerUpdate && Above is not null ? Above + "200" : null }.OfType<string>();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Limits))]
internal sealed partial class LimitsJson : JsonSerializerContext;
