using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>Writes traces to files and reads them: one JSON object a line. Outcomes that came late are lines of their own, and are joined when the file is read: the latest by its time, before what the trace's own line says.</summary>
public static class RoutingTraceFile
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>Adds traces to the end of a file, which is made where there is none. A line that was torn by a crash stays torn and harms no other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="traces">The traces.</param>
    public static void Append(string path, IEnumerable<RoutingTrace> traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        using var file = OpenEnd(path);
        Write(file, traces);
    }

    /// <summary>Adds late outcomes to the end of a file, which is made where there is none. Their traces may stand before them or after them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="outcomes">The outcomes, see <see cref="RoutingTraceLog.TakeLate"/>.</param>
    public static void Append(string path, IEnumerable<LateOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        using var file = OpenEnd(path);
        Write(file, outcomes);
    }

    /// <summary>Writes traces.</summary>
    /// <param name="stream">Where to; it is left open.</param>
    /// <param name="traces">The traces.</param>
    public static void Write(Stream stream, IEnumerable<RoutingTrace> traces)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(traces);
        foreach (var trace in traces)
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(trace, RoutingTraceJson.Default.RoutingTrace), LineEnd]);
    }

    /// <summary>Writes late outcomes.</summary>
    /// <param name="stream">Where to; it is left open.</param>
    /// <param name="outcomes">The outcomes.</param>
    public static void Write(Stream stream, IEnumerable<LateOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(outcomes);
        foreach (var outcome in outcomes)
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(outcome, RoutingTraceJson.Default.LateOutcome), LineEnd]);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its traces with the outcomes that came late, and the numbers of lines that are neither.</returns>
    /// <exception cref="InvalidDataException">A line is of a form that this version does not know.</exception>
    public static RoutingTraceReading Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        return Read(file);
    }

    /// <summary>Reads traces. A torn line, such as the last one after a crash, is reported and not fatal.</summary>
    /// <param name="stream">Where from; it is left open.</param>
    /// <returns>The traces with the outcomes that came late, and the numbers of lines that are neither.</returns>
    /// <exception cref="InvalidDataException">A line is of a form that this version does not know.</exception>
    public static RoutingTraceReading Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (traces, late, torn) = (new List<RoutingTrace>(), new List<LateOutcome>(), new List<int>());
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (Parsed(line, RoutingTraceJson.Default.RoutingTrace) is { } trace && IsWhole(trace))
                traces.Add(Known(trace, trace.FormatVersion, number));
            else if (Parsed(line, RoutingTraceJson.Default.LateOutcome) is { } outcome)
                late.Add(Known(outcome, outcome.FormatVersion, number));
            else
                torn.Add(number);
        }

        return LateJoin.Of(traces, late, torn);
    }

    private static FileStream OpenEnd(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length == 0)
            return file;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() is not LineEnd)
            file.WriteByte(LineEnd);
        return file;
    }

    private static T Known<T>(T line, int version, int number) => version == RoutingTrace.Format
        ? line
        : throw new InvalidDataException($"Line {number} is of the form '{version}', and this version of LlmKit reads '{RoutingTrace.Format}'. Read it with the version that wrote it.");

    private static T? Parsed<T>(string line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The serializer does not look for nulls within lists.</summary>
    private static bool IsWhole(RoutingTrace trace) => !trace.Candidates.Contains(null!) && trace.Shadows?.Values.Contains(null!) != true;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RoutingTrace))]
[JsonSerializable(typeof(LateOutcome))]
internal sealed partial class RoutingTraceJson : JsonSerializerContext;
