namespace LlmKit.Integration.Tests.Observability.Otlp;

/// <summary>Reads attributes with the types that they travelled with.</summary>
internal static class OtlpValues
{
    public static Dictionary<string, object?> Attributes(WireMessage message, int field) =>
        message.Messages(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.Message(2)));

    public static object? Value(WireMessage? value) =>
        value is null ? null
        : value.Has(1) ? value.Text(1)
        : value.Has(2) ? value.Number(2) != 0
        : value.Has(3) ? (long)value.Number(3)
        : value.Has(4) ? value.Double(4)
        : value.Has(5) ? value.Message(5)!.Messages(1).Select(Value).ToArray()
        : value.Has(6) ? Attributes(value.Message(6)!, 1)
        : null;
}
