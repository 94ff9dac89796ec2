using System.Text.Json;

namespace LlmKit.Checks.Schemas.Values;

/// <summary>Equality of JSON values as the specification has it: numbers by their value, members in any order.</summary>
internal sealed class ElementComparer : IEqualityComparer<JsonElement>
{
    public static ElementComparer Instance { get; } = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement obj)
    {
        var hash = (int)obj.ValueKind;
        switch (obj.ValueKind)
        {
            case JsonValueKind.Number:
                return ExactNumber.Read(obj)?.GetHashCode() ?? hash;
            case JsonValueKind.String:
                return obj.GetString()!.GetHashCode(StringComparison.Ordinal);
            case JsonValueKind.Array:
                foreach (var element in obj.EnumerateArray())
                    hash = HashCode.Combine(hash, GetHashCode(element));
                return hash;
            case JsonValueKind.Object:
                foreach (var member in obj.EnumerateObject())
                    hash += HashCode.Combine(member.Name, GetHashCode(member.Value));
                return hash;
            default:
                return hash;
        }
    }
}
