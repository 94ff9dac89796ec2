using System.Buffers.Binary;
using System.Numerics;

namespace LlmKit.Text.Detectors.Crypto;

/// <summary>Keccak with 256 bits as Ethereum uses it: the submission of G. Bertoni et al. (2011), padded before NIST changed the padding.</summary>
internal static class Keccak256
{
    private const int Rate = 136;

    private static readonly ulong[] s_rounds = RoundConstants();
    private static readonly int[] s_cycle = LaneCycle();

    /// <summary>Hashes up to 135 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> hash)
    {
        Span<byte> block = stackalloc byte[Rate];
        block.Clear();
        message.CopyTo(block);
        block[message.Length] = 0x01;
        block[^1] |= 0x80;

        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (var i = 0; i < Rate / sizeof(ulong); i++)
            state[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(i * sizeof(ulong))..]);
        Permute(state);
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(i * sizeof(ulong))..], state[i]);
    }

    private static void Permute(Span<ulong> a)
    {
        foreach (var constant in s_rounds)
        {
            MixColumns(a);
            RotateLanes(a);
            for (var y = 0; y < 25; y += 5)
            {
                var (c0, c1, c2, c3, c4) = (a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]);
                a[y] = c0 ^ (~c1 & c2);
                a[y + 1] = c1 ^ (~c2 & c3);
                a[y + 2] = c2 ^ (~c3 & c4);
                a[y + 3] = c3 ^ (~c4 & c0);
                a[y + 4] = c4 ^ (~c0 & c1);
            }

            a[0] ^= constant;
        }
    }

    private static void MixColumns(Span<ulong> a)
    {
        var c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        var c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        var c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        var c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        var c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
        for (var y = 0; y < 25; y += 5)
        {
            a[y] ^= c4 ^ BitOperations.RotateLeft(c1, 1);
            a[y + 1] ^= c0 ^ BitOperations.RotateLeft(c2, 1);
            a[y + 2] ^= c1 ^ BitOperations.RotateLeft(c3, 1);
            a[y + 3] ^= c2 ^ BitOperations.RotateLeft(c4, 1);
            a[y + 4] ^= c3 ^ BitOperations.RotateLeft(c0, 1);
        }
    }

    // From lane 1 along a cycle of 24 lanes, each turned by the next triangular number.
    private static void RotateLanes(Span<ulong> a)
    {
        var lane = a[1];
        for (var step = 0; step < s_cycle.Length; step++)
        {
            var next = a[s_cycle[step]];
            a[s_cycle[step]] = BitOperations.RotateLeft(lane, (step + 1) * (step + 2) / 2);
            lane = next;
        }
    }

    private static int[] LaneCycle()
    {
        var cycle = new int[24];
        var (x, y) = (1, 0);
        for (var step = 0; step < cycle.Length; step++)
        {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            cycle[step] = x + 5 * y;
        }

        return cycle;
    }

    // A shift register of eight bits gives the bits of every constant, at the places 2^j - 1.
    private static ulong[] RoundConstants()
    {
        var constants = new ulong[24];
        var register = 1;
        for (var round = 0; round < constants.Length; round++)
        {
            for (var j = 0; j <= 6; j++)
            {
                if ((register & 1) != 0)
                    constants[round] |= 1ul << ((1 << j) - 1);
                register = (register << 1) ^ ((register >> 7) * 0x171);
            }
        }

        return constants;
    }
}
