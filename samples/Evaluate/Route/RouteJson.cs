using System.Text;
using System.Text.Json;
using LlmKit.Calls;

namespace Evaluate;

/// <summary>The result as one JSON object.</summary>
internal static class RouteJson
{
    public static string Of(int rows, IReadOnlyList<RouteResult> results, IReadOnlyList<FloorTrial> floors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("rows", rows);
            json.WriteStartObject("policies");
            foreach (var result in results)
                Write(json, result);
            json.WriteEndObject();
            if (floors.Count > 0)
            {
                json.WriteStartObject("floor");
                json.WriteNumber("missed", floors.Average(trial => trial.IsMissed ? 1.0 : 0));
                json.WriteNumber("strongShare", floors.Average(trial => trial.StrongShare));
                json.WriteNumber("splits", floors.Count);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, RouteResult result)
    {
        json.WriteStartObject(result.Policy);
        Range("apgr", result.Apgr);
        Range("cpt50", result.Cpt50);
        Range("cpt80", result.Cpt80);
        json.WriteEndObject();

        void Range(string name, Interval? interval)
        {
            Number(name, interval?.Value);
            Number(name + "Low", interval?.Low);
            Number(name + "High", interval?.High);
        }

        void Number(string name, double? value)
        {
            if (value is { } number)
                json.WriteNumber(name, number);
            else
                json.WriteNull(name);
        }
    }
}
