namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// What Redis runs. Its own clock is the only one that counts, so a replica whose clock is wrong does no harm. Times are microseconds
/// since a late day, which leaves a double enough digits for fractions of one.
/// </summary>
internal static class LimitScripts
{
    private const string Now = "local t = redis.call('TIME'); local now = (t[1] - 1700000000) * 1000000 + t[2]\n";

    /// <summary>
    /// All limits of a claim, taken together or not at all. KEYS: rates, then places. ARGV: number of rates, lease, its milliseconds;
    /// per rate count, period in milliseconds and units; per place its limit. Answers the number of the limit in the way (0 = none),
    /// the microseconds to wait, and each rate's backlog in microseconds.
    /// </summary>
    public const string Take = Now + """
        local rates, lease, leased = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
        local refused, wait, starts, charges = 0, 0, {}, {}
        for i = 1, rates do
          local count, period, units = tonumber(ARGV[3*i+1]), tonumber(ARGV[3*i+2]) * 1000, tonumber(ARGV[3*i+3])
          local start = tonumber(redis.call('GET', KEYS[i]) or 0)
          start = math.min(math.max(start, now), now + 2 * period)
          local charge = units * period / count
          local early = start + charge - now - period
          if units > 0 and early > 0.5 and early > wait then refused, wait = i, early end
          starts[i], charges[i] = start, charge
        end
        for i = rates + 1, #KEYS do
          redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
          if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[3 + 2*rates + i]) and refused == 0 then refused, wait = i, 1000000 end
        end
        local answer = {refused, math.ceil(wait)}
        for i = 1, rates do
          local full = starts[i]
          if refused == 0 then
            full = full + charges[i]
            if charges[i] > 0 then redis.call('SET', KEYS[i], string.format('%.3f', full), 'PX', math.ceil((full - now) / 1000) + 1000) end
          end
          answer[i + 2] = math.floor(full - now)
        end
        if refused == 0 then
          for i = rates + 1, #KEYS do
            redis.call('ZADD', KEYS[i], now + leased * 1000, lease)
            redis.call('PEXPIRE', KEYS[i], leased * 2)
          end
        end
        return answer
        """;

    /// <summary>Charges or gives back units afterwards. KEYS: rates; ARGV: per rate count, period in milliseconds, units.</summary>
    public const string Correct = Now + """
        for i = 1, #KEYS do
          local count, period, units = tonumber(ARGV[3*i-2]), tonumber(ARGV[3*i-1]) * 1000, tonumber(ARGV[3*i])
          local start = math.max(tonumber(redis.call('GET', KEYS[i]) or 0), now)
          local full = math.min(start + units * period / count, now + 2 * period)
          if full > now then
            redis.call('SET', KEYS[i], string.format('%.3f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
          else
            redis.call('DEL', KEYS[i])
          end
        end
        return #KEYS
        """;

    /// <summary>Keeps places for one more lease, or takes them again if they were lost. KEYS: places; ARGV: milliseconds, per place its lease.</summary>
    public const string Renew = Now + """
        local leased = tonumber(ARGV[1])
        for i = 1, #KEYS do
          redis.call('ZADD', KEYS[i], now + leased * 1000, ARGV[i + 1])
          redis.call('PEXPIRE', KEYS[i], leased * 2)
        end
        return #KEYS
        """;
}
