using System.Buffers.Binary;
using System.Text;

namespace LlmKit.Integration.Tests.Observability.Otlp;

/// <summary>A message of Protocol Buffers as it stands on the wire: fields by their numbers.</summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public WireMessage(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(bytes.Span, ref at);
            _fields.Add(Read(bytes, (int)(key >> 3), (int)(key & 7), ref at));
        }
    }

    public IEnumerable<WireMessage> Messages(int field) => All(field).Select(found => new WireMessage(found.Bytes));

    public WireMessage? Message(int field) => Messages(field).FirstOrDefault();

    public bool Has(int field) => _fields.Exists(found => found.Field == field);

    public string Text(int field) => Encoding.UTF8.GetString(All(field).Select(found => found.Bytes).FirstOrDefault().Span);

    public string Hex(int field) => Convert.ToHexStringLower(All(field).Select(found => found.Bytes).FirstOrDefault().Span);

    public ulong Number(int field) => All(field).Select(found => found.Number).FirstOrDefault();

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public double[] Doubles(int field) => [.. Packed(field).Select(BitConverter.UInt64BitsToDouble)];

    public IEnumerable<ulong> Packed(int field)
    {
        foreach (var (_, number, bytes) in All(field))
        {
            if (bytes.IsEmpty)
                yield return number;
            for (var at = 0; at < bytes.Length; at += 8)
                yield return BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]);
        }
    }

    private IEnumerable<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> All(int field) => _fields.Where(found => found.Field == field);

    private static (int, ulong, ReadOnlyMemory<byte>) Read(ReadOnlyMemory<byte> bytes, int field, int type, ref int at)
    {
        switch (type)
        {
            case 0:
                return (field, Varint(bytes.Span, ref at), default);
            case 1:
                at += 8;
                return (field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[(at - 8)..]), default);
            case 2:
                var length = (int)Varint(bytes.Span, ref at);
                at += length;
                return (field, 0, bytes.Slice(at - length, length));
            case 5:
                at += 4;
                return (field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[(at - 4)..]), default);
            default:
                throw new FormatException($"The wire type '{type}' is unknown.");
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
