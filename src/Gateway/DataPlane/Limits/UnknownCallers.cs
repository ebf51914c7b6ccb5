using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.Features.Identity;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// How many requests with unknown keys an address may send before it is told to wait. A table of fixed size without locks: it can't
/// be made to grow, and when it is full the address that has been quiet longest is forgotten. Addresses are found by a keyed hash,
/// so nobody can choose whom to push out.
/// </summary>
internal sealed class UnknownCallers(IOptionsMonitor<ApiKeyOptions> options, LimitMetrics metrics, TimeProvider time) : IUnknownCallers
{
    private const int Rows = 4096;
    private const int Ways = 4;

    private readonly Slot[] _slots = new Slot[Rows * Ways];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();

    public GatewayError? Refuse(IPAddress? address)
    {
        var (count, seconds) = options.CurrentValue.UnknownKeyRate;
        var now = time.GetTimestamp();
        var burst = seconds * time.TimestampFrequency;
        var step = burst / count;
        ref var slot = ref Find(Hash(address));
        var start = Math.Max(Volatile.Read(ref slot.FullAt), now);
        var early = start + step - now - burst;
        if (early > 0)
        {
            metrics.UnknownCaller();
            return LimitErrors.TooManyUnknownKeys(TimeSpan.FromSeconds((double)early / time.TimestampFrequency));
        }

        // Two at once may count as one; nobody gets far by that.
        Volatile.Write(ref slot.FullAt, start + step);
        return null;
    }

    private ref Slot Find(ulong hash)
    {
        var row = (int)(hash % Rows) * Ways;
        var quietest = row;
        for (var i = row; i < row + Ways; i++)
        {
            if (Volatile.Read(ref _slots[i].Tag) == hash)
            {
                return ref _slots[i];
            }

            if (Volatile.Read(ref _slots[i].FullAt) < Volatile.Read(ref _slots[quietest].FullAt))
            {
                quietest = i;
            }
        }

        ref var slot = ref _slots[quietest];
        Volatile.Write(ref slot.FullAt, 0);
        Volatile.Write(ref slot.Tag, hash);
        return ref slot;
    }

    // An IPv4 address, or the /64 that one IPv6 customer has to himself.
    private ulong Hash(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address is null || !address.TryWriteBytes(bytes, out var written))
        {
            return Mix(_seed);
        }

        var isV6 = address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6;
        var number = isV6 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes[(written - 4)..]);
        return Mix(number ^ _seed);
    }

    // A bijection of 64 bits: different addresses never share a tag.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        x ^= x >> 31;
        return x == 0 ? 1 : x;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public ulong Tag;
        public long FullAt;
    }
}
