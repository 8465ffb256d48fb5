//! A checksum for names and for cached data on disk.

/// A checksum that depends on nothing but the bytes: it is the same in every process.
pub fn checksum(bytes: &[u8]) -> u64 {
    const A: u64 = 0x2d35_8dcc_aa6c_78a5;
    const B: u64 = 0x8bb8_4b93_962e_acc9;
    fn fold(a: u64, b: u64) -> u64 {
        let wide = u128::from(a) * u128::from(b);
        wide as u64 ^ (wide >> 64) as u64
    }
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let mut sum = A ^ bytes.len() as u64;
    // Four independent lanes keep the processor busy; each takes two words per step.
    let mut blocks = bytes.chunks_exact(64);
    if bytes.len() >= 64 {
        let mut lanes = [sum, sum ^ A, sum ^ B, A ^ B];
        for block in &mut blocks {
            for (lane, words) in lanes.iter_mut().zip(block.chunks_exact(16)) {
                *lane = fold(*lane ^ word(&words[..8]), B ^ word(&words[8..]));
            }
        }
        sum = lanes.into_iter().fold(sum, |sum, lane| fold(sum ^ lane, A));
    }
    let mut words = blocks.remainder().chunks_exact(8);
    for bytes in &mut words {
        sum = fold(sum ^ word(bytes), B);
    }
    let mut last = [0; 8];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    fold(sum ^ u64::from_le_bytes(last), A ^ B)
}
