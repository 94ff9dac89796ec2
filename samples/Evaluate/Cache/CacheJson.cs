using System.Text;
using System.Text.Json;
using LlmKit;

namespace Evaluate;

/// <summary>The result as one JSON object.</summary>
internal static class CacheJson
{
    public static string Of(CalibrationResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
            Write(json, result);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, CalibrationResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", result.Pairs);
        json.WriteString("guards", CacheTable.NameOf(result.Guards));
        json.WriteStartArray("points");
        foreach (var point in result.Curve)
            Write(json, point);
        json.WriteEndArray();
        WriteChosen(json, result);
        if (result.Needed is { } needed)
            json.WriteNumber("needed", needed);
        else
            json.WriteNull("needed");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CalibrationPoint point)
    {
        json.WriteStartObject();
        json.WriteNumber("threshold", point.Threshold);
        json.WriteNumber("trueHits", point.TrueHits);
        json.WriteNumber("wrongHits", point.WrongHits);
        if (point.Precision is { } precision)
            json.WriteNumber("precision", precision);
        else
            json.WriteNull("precision");
        json.WriteNumber("recall", point.Recall);
        json.WriteEndObject();
    }

    private static void WriteChosen(Utf8JsonWriter json, CalibrationResult result)
    {
        if (result.Chosen is not { } chosen)
        {
            json.WriteNull("chosen");
            return;
        }

        json.WriteStartObject("chosen");
        json.WriteNumber("threshold", chosen.Threshold);
        json.WriteNumber("hitRate", result.HitRate!.Value);
        json.WriteNumber("wrongHitRate", chosen.WrongHitRate!.Value);
        json.WriteNumber("upperBound", chosen.WrongHitBound);
        json.WriteEndObject();
    }
}
