using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Changes the texts in a tool call's arguments, names and values, however deep they stand. A number is read as it is written.</summary>
internal static class JsonTexts
{
    /// <summary>Gives arguments with other texts; <see langword="null"/> when none changed.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="change">Gets the name under which a text stands and the text; gives the text to put there, or <see langword="null"/> to leave it. For a name itself the first is <see langword="null"/>.</param>
    public static Dictionary<string, object?>? Change(IDictionary<string, object?> arguments, Func<string?, string, string?> change)
    {
        var copy = new Dictionary<string, object?>(arguments.Count);
        var hasChanged = false;
        foreach (var (name, value) in arguments)
        {
            var changed = Changed(name, value, change);
            var renamed = change(null, name);
            hasChanged |= changed is not null || renamed is not null;
            copy.Add(Free(renamed ?? name, taken => copy.ContainsKey(taken) || (taken != name && arguments.ContainsKey(taken))), changed ?? value);
        }

        return hasChanged ? copy : null;
    }

    private static object? Changed(string name, object? value, Func<string?, string, string?> change)
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
                return ChangedElement(name, JsonNode.Parse(element.GetRawText()), change);
            default:
                return ChangedElement(name, JsonSerializer.SerializeToNode(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())), change);
        }
    }

    private static JsonElement? ChangedElement(string name, JsonNode? node, Func<string?, string, string?> change)
    {
        if (!TryChange(name, ref node, change))
            return null;
        using var document = JsonDocument.Parse(node!.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>Changes a value in its place, or gives another for it.</summary>
    private static bool TryChange(string name, ref JsonNode? node, Func<string?, string, string?> change)
    {
        switch (node)
        {
            case JsonObject members:
                return ChangeMembers(members, change);
            case JsonArray items:
                return ChangeItems(items, change);
            case JsonValue leaf when ChangedLeaf(name, leaf, change) is { } text:
                node = JsonValue.Create(text);
                return true;
            default:
                return false;
        }
    }

    private static bool ChangeMembers(JsonObject members, Func<string?, string, string?> change)
    {
        var hasChanged = false;
        var all = members.ToArray();
        List<KeyValuePair<string, JsonNode?>> output = [];
        foreach (var (name, value) in all)
        {
            var node = value;
            hasChanged |= TryChange(name, ref node, change);
            var renamed = change(null, name);
            hasChanged |= renamed is not null;
            output.Add(new(Free(renamed ?? name, taken => output.Exists(other => other.Key == taken) || (taken != name && members.ContainsKey(taken))), node));
        }

        if (!hasChanged)
            return false;
        members.Clear();
        foreach (var (name, node) in output)
            members.Add(name, node);
        return true;
    }

    private static bool ChangeItems(JsonArray items, Func<string?, string, string?> change)
    {
        var hasChanged = false;
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (!TryChange("", ref item, change))
                continue;
            hasChanged = true;
            if (!ReferenceEquals(item, items[i]))
                items[i] = item;
        }

        return hasChanged;
    }

    private static string? ChangedLeaf(string name, JsonValue leaf, Func<string?, string, string?> change) => leaf.GetValueKind() switch
    {
        JsonValueKind.String => change(name, leaf.GetValue<string>()),
        JsonValueKind.Number => change(name, leaf.ToJsonString()),
        _ => null,
    };

    /// <summary>Two names that became the same are told apart: no value may be lost.</summary>
    private static string Free(string name, Predicate<string> isTaken)
    {
        var free = name;
        for (var number = 2; isTaken(free); number++)
            free = $"{name} {number}";
        return free;
    }
}
