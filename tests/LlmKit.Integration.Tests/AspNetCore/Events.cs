using System.Text.Json;

namespace LlmKit.Integration.Tests.AspNetCore;

/// <summary>Reads server-sent events by the rules of the standard, one by one as they come.</summary>
internal static class Events
{
    public static async Task<List<(string Name, JsonElement Data)>> ReadAllAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new List<(string, JsonElement)>();
        while (await NextAsync(reader) is { } next)
            events.Add(next);
        return events;
    }

    public static async Task<(string Name, JsonElement Data)?> NextAsync(StreamReader reader)
    {
        var (name, data) = ("", "");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data += line["data: ".Length..];
            else if (line.Length == 0 && data.Length > 0)
                return (name, JsonDocument.Parse(data).RootElement);
        }

        return null;
    }

    public static string Text(IEnumerable<(string Name, JsonElement Data)> events) =>
        string.Concat(events.Where(one => one.Name == "delta").Select(one => one.Data.GetProperty("text").GetString()));
}
