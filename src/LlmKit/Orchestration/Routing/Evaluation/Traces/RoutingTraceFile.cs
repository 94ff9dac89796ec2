using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>Writes traces to files and reads them: one JSON object a line.</summary>
public static class RoutingTraceFile
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>Adds traces to the end of a file, which is made where there is none. A line that was torn by a crash stays torn and harms no other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="traces">The traces.</param>
    public static void Append(string path, IEnumerable<RoutingTrace> traces)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(traces);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() is not LineEnd)
                file.WriteByte(LineEnd);
        }

        Write(file, traces);
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

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its traces, and the numbers of lines that are none.</returns>
    /// <exception cref="InvalidDataException">A trace is of a form that this version does not know.</exception>
    public static RoutingTraceReading Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        return Read(file);
    }

    /// <summary>Reads traces. A torn line, such as the last one after a crash, is reported and not fatal.</summary>
    /// <param name="stream">Where from; it is left open.</param>
    /// <returns>The traces, and the numbers of lines that are none.</returns>
    /// <exception cref="InvalidDataException">A trace is of a form that this version does not know.</exception>
    public static RoutingTraceReading Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (traces, torn) = (new List<RoutingTrace>(), new List<int>());
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (TraceOf(line) is not { } trace)
                torn.Add(number);
            else if (trace.FormatVersion != RoutingTrace.Format)
                throw new InvalidDataException($"Line {number} is a trace of the form '{trace.FormatVersion}', and this version of LlmKit reads '{RoutingTrace.Format}'. Read it with the version that wrote it.");
            else
                traces.Add(trace);
        }

        return new(traces, torn);
    }

    private static RoutingTrace? TraceOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RoutingTraceJson.Default.RoutingTrace) is { } trace && IsWhole(trace) ? trace : null;
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
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RoutingTrace))]
internal sealed partial class RoutingTraceJson : JsonSerializerContext;
