namespace LlmKit.Control.Caching;

/// <summary>In which pieces an answer came, packed: four small numbers a piece, seven bits to a byte.</summary>
internal readonly struct AnswerPieces
{
    private readonly byte[] _packed;

    private AnswerPieces(byte[] packed) => _packed = packed;

    public int Size => _packed.Length;

    public ReadOnlySpan<byte> Packed => _packed;

    public static AnswerPieces Of(List<AnswerPiece> pieces)
    {
        var packed = new List<byte>(4 * pieces.Count);
        var last = 0;
        foreach (var piece in pieces)
        {
            Write(packed, piece.Update - last);
            Write(packed, piece.Message);
            Write(packed, piece.Content);
            Write(packed, piece.Length + 1);
            last = piece.Update;
        }

        return new([.. packed]);
    }

    /// <summary>Takes pieces that were packed before, when they fit an answer.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public static AnswerPieces Read(byte[] packed, CachedMessage[] messages)
    {
        var pieces = new AnswerPieces(packed);
        var lengths = new Dictionary<(int, int), long>();
        foreach (var piece in pieces)
        {
            if (piece.Message >= messages.Length || piece.Content >= messages[piece.Message].Contents.Length)
                throw new InvalidDataException("A piece is of no content.");
            var content = messages[piece.Message].Contents[piece.Content];
            if (piece.Length == AnswerPiece.Whole)
                continue;
            var length = lengths[(piece.Message, piece.Content)] = lengths.GetValueOrDefault((piece.Message, piece.Content)) + piece.Length;
            if (content.Other is not null || length > content.Text.Length)
                throw new InvalidDataException("A piece is longer than its content.");
        }

        return pieces;
    }

    public Enumerator GetEnumerator() => new(_packed);

    private static void Write(List<byte> packed, int number)
    {
        var rest = (uint)number;
        for (; rest > 0x7F; rest >>= 7)
            packed.Add((byte)(rest | 0x80));
        packed.Add((byte)rest);
    }

    /// <summary>Reads the pieces in order.</summary>
    internal struct Enumerator(byte[] packed)
    {
        private int _at;

        public AnswerPiece Current { get; private set; }

        public bool MoveNext()
        {
            if (_at == packed.Length)
                return false;
            Current = new(Current.Update + Read(), Read(), Read(), Read() - 1);
            return true;
        }

        private int Read()
        {
            var number = 0u;
            for (var shift = 0; shift < 32; shift += 7)
            {
                if (_at == packed.Length)
                    throw new InvalidDataException("A piece is cut off.");
                var part = packed[_at++];
                number |= (uint)(part & 0x7F) << shift;
                if (part <= 0x7F)
                    return number <= int.MaxValue ? (int)number : throw new InvalidDataException("A piece has a number beyond all bounds.");
            }

            throw new InvalidDataException("A piece has a number beyond all bounds.");
        }
    }
}
