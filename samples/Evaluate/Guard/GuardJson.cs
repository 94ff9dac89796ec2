using System.Text;
using System.Text.Json;

namespace Evaluate;

/// <summary>The result as one JSON object. An entity that no detector covers, or of which no row counts, has zeros.</summary>
internal static class GuardJson
{
    public static string Of(GuardResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
            Write(json, result);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, GuardResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", result.Rows);
        json.WriteStartObject("entities");
        foreach (var entity in result.Entities)
        {
            json.WriteStartObject(entity.Entity);
            WriteShares(json, entity.IsScored ? entity.Tally : null);
            json.WriteNumber("n", entity.Rows);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        Write(json, result.Injection);
        json.WriteNumber("charsPerSecond", Math.Round(result.CharsPerSecond));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InjectionScore? injection)
    {
        if (injection is null)
        {
            json.WriteNull("injection");
            return;
        }

        json.WriteStartObject("injection");
        WriteShares(json, injection.Tally);
        json.WriteNumber("fpr", injection.FalsePositiveRate);
        json.WriteNumber("n", injection.Rows);
        json.WriteEndObject();
    }

    private static void WriteShares(Utf8JsonWriter json, Tally? tally)
    {
        json.WriteNumber("precision", tally?.Precision ?? 0);
        json.WriteNumber("recall", tally?.Recall ?? 0);
        json.WriteNumber("f1", tally?.F1 ?? 0);
    }
}
