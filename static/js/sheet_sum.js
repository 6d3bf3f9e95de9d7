// What the own sheet comes to, exactly: whole numbers all the way, as evaluations/domain/own_marks.py has it.
// A line: {dimension, weight (ten-thousandths), most and value (hundredths, value null where there is none), abstained}.

const lcm = (a, b) => (a / gcd(a, b)) * b;
const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const UNIT = 10000n;

function points(line, value, scale, shared) {
  return scale === "percent" ? (line.weight * value * shared) / line.most : line.weight * value;
}

// numerator/denominator with `digits` decimals, halves away from zero; nothing here is below zero.
export function text(numerator, denominator, digits) {
  const unit = 10n ** BigInt(digits);
  const whole = (2n * numerator * unit + denominator) / (2n * denominator);
  return digits ? `${whole / unit}.${String(whole % unit).padStart(digits, "0")}` : String(whole);
}

export function sums(lines, scale, digits) {
  const shared = scale === "percent" ? lines.reduce((all, line) => lcm(all, line.most), 1n) : 1n;
  const under = scale === "percent" ? UNIT * shared : UNIT * 100n;
  const dimensions = new Map();
  for (const line of lines) {
    const sum = dimensions.get(line.dimension) || { points: 0n, most: 0n, whole: true, any: false };
    dimensions.set(line.dimension, sum);
    if (line.abstained) continue;
    sum.any = true;
    sum.most += points(line, line.most, scale, shared);
    if (line.value === null) sum.whole = false;
    else sum.points += points(line, line.value, scale, shared);
  }
  const counted = lines.filter((line) => !line.abstained);
  const known = counted.filter((line) => line.value !== null);
  const weight = (rows) => rows.reduce((all, line) => all + line.weight, 0n);
  const own = known.reduce((all, line) => all + points(line, line.value, scale, shared), 0n);
  const plain = (value) => text(value, under, 4).replace(/\.?0+$/, "");
  return {
    total: known.length ? text(own * weight(lines), under * weight(counted), digits) : "—",
    dimensions: [...dimensions].map(([code, sum]) => ({
      code,
      points: sum.any && sum.whole ? text(sum.points, under, digits) : "—",
      most: plain(sum.most),
    })),
  };
}
