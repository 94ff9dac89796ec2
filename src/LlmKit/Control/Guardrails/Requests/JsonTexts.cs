using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Changes the texts in a tool call's arguments, however deep they stand. A number is read as it is written.</summary>
internal static class JsonTexts
{
    /// <summary>Gives arguments with other texts; <see langword="null"/> when none changed.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="change">Gets the name under which a text stands and the text; gives the text to put there, or <see langword="null"/> to leave it.</param>
    public static Dictionary<string, object?>? Change(IDictionary<string, object?> arguments, Func<string, string, string?> change)
    {
        Dictionary<string, object?>? copy = null;
        foreach (var (name, value) in arguments)
        {
            if (Changed(name, value, change) is { } changed)
                (copy ??= new(arguments))[name] = changed;
        }

        return copy;
    }

    private static object? Changed(string name, object? value, Func<string, string, string?> change)
    {
        switch (value)
        {
            case null or bool:
                return null;
            case string text:
                return change(name, text);
            case JsonElement { ValueKind: JsonValueKind.String } element:
                return change(name, element.GetString()!);
            case JsonElement element:
                return ChangedNode(name, JsonNode.Parse(element.GetRawText()), change);
            default:
                return ChangedNode(name, JsonSerializer.SerializeToNode(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())), change);
        }
    }

    /// <summary>Gives the value as JSON when a text in it changed.</summary>
    private static JsonElement? ChangedNode(string name, JsonNode? node, Func<string, string, string?> change)
    {
        var holder = new JsonObject { [name] = node };
        return ChangeWithin(holder, change) ? Element(holder[name]!) : (JsonElement?)null;
    }

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    private static bool ChangeWithin(JsonNode? node, Func<string, string, string?> change)
    {
        var changed = false;
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToArray())
                {
                    if (value is JsonValue leaf)
                    {
                        if (ChangedLeaf(name, leaf, change) is { } text)
                            (members[name], changed) = (text, true);
                    }
                    else
                    {
                        changed |= ChangeWithin(value, change);
                    }
                }

                return changed;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonValue leaf)
                    {
                        if (ChangedLeaf("", leaf, change) is { } text)
                            (items[i], changed) = (text, true);
                    }
                    else
                    {
                        changed |= ChangeWithin(items[i], change);
                    }
                }

                return changed;
            default:
                return false;
        }
    }

    private static string? ChangedLeaf(string name, JsonValue leaf, Func<string, string, string?> change) => leaf.GetValueKind() switch
    {
        JsonValueKind.String => change(name, leaf.GetValue<string>()),
        JsonValueKind.Number => change(name, leaf.ToJsonString()),
        _ => null,
    };
}
