//! The control-flow graph of a function: predecessors, order, dominators, loops.

use std::ops::Index;

use crate::entity::{Block, IndexVec};
use crate::func::Func;

/// Predecessors and a depth-first order of the reachable blocks.
#[derive(Clone, Debug)]
pub struct Cfg {
    /// Each predecessor once per edge; empty for unreachable blocks and the entry.
    pub preds: Lists,
    /// Reachable blocks, each after its successors except along back edges.
    pub postorder: Vec<Block>,
    number: IndexVec<Block, Option<u32>>,
}

/// A list of blocks for each block, all in one vector.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    list: Vec<Block>,
    /// Where those of each block end in the list; they begin where those of the block before end.
    ends: Vec<u32>,
}

impl Lists {
    /// Of pairs of an item and the block whose it is, in this order.
    fn of(blocks: usize, pairs: &[(Block, Block)]) -> Lists {
        let mut ends = vec![0; blocks];
        pairs.iter().for_each(|(_, owner)| ends[owner.0 as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            // Where they begin at first: each grows to its end.
            (*end, sum) = (sum, sum + *end);
        }
        let mut list = vec![Block(0); pairs.len()];
        for &(item, owner) in pairs {
            let end = &mut ends[owner.0 as usize];
            list[*end as usize] = item;
            *end += 1;
        }
        Lists { list, ends }
    }
}

impl Index<Block> for Lists {
    type Output = [Block];
    fn index(&self, block: Block) -> &[Block] {
        let index = block.0 as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.list[start as usize..self.ends[index] as usize]
    }
}

/// The blocks that control can go to from `block`, one per edge.
pub fn successors(func: &Func, block: Block) -> impl Iterator<Item = Block> {
    func.terminator(block).into_iter().flat_map(|data| data.targets().iter().map(|target| target.block))
}

/// The blocks that control can get to from some, themselves first.
pub fn blocks_from(func: &Func, starts: impl IntoIterator<Item = Block>) -> Vec<Block> {
    let mut found: Vec<Block> = starts.into_iter().collect();
    let mut next = 0;
    while next < found.len() {
        let more: Vec<Block> = successors(func, found[next]).filter(|block| !found.contains(block)).collect();
        found.extend(more);
        next += 1;
    }
    found
}

/// Whether the entry leads to each block; only for functions with a body.
pub fn reachable(func: &Func) -> IndexVec<Block, bool> {
    let mut reached = IndexVec::filled(false, func.blocks.len());
    let mut work = vec![func.entry()];
    while let Some(block) = work.pop() {
        if !std::mem::replace(&mut reached[block], true) {
            work.extend(successors(func, block));
        }
    }
    reached
}

impl Cfg {
    pub fn compute(func: &Func) -> Cfg {
        let blocks = func.blocks.len();
        let mut cfg = Cfg {
            preds: Lists::of(blocks, &[]),
            postorder: Vec::new(),
            number: IndexVec::filled(None, blocks),
        };
        if !func.has_body() {
            return cfg;
        }
        let mut edges = Vec::new();
        let mut seen = vec![false; func.blocks.len()];
        seen[func.entry().0 as usize] = true;
        let targets = |block| func.terminator(block).map_or(&[][..], |data| data.targets());
        // Each block with its successors that were not looked at yet; the last comes first.
        let mut stack = vec![(func.entry(), targets(func.entry()))];
        while let Some((block, rest)) = stack.last_mut() {
            let block = *block;
            if let [before @ .., next] = *rest {
                *rest = before;
                let next = next.block;
                edges.push((block, next));
                if !std::mem::replace(&mut seen[next.0 as usize], true) {
                    stack.push((next, targets(next)));
                }
            } else {
                stack.pop();
                cfg.number[block] = Some(cfg.postorder.len() as u32);
                cfg.postorder.push(block);
            }
        }
        cfg.preds = Lists::of(blocks, &edges);
        cfg
    }

    pub fn is_reachable(&self, block: Block) -> bool {
        self.number[block].is_some()
    }

    /// Reachable blocks, each before its successors except along back edges.
    pub fn reverse_postorder(&self) -> impl Iterator<Item = Block> {
        self.postorder.iter().rev().copied()
    }
}

/// The dominator tree of the reachable blocks.
///
/// Algorithm: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm".
#[derive(Clone, Debug)]
pub struct Dominators {
    idom: IndexVec<Block, Option<Block>>,
    /// First and last visit in a walk of the tree: `a` dominates `b` when b's interval lies within a's.
    interval: IndexVec<Block, (u32, u32)>,
    children: Lists,
}

impl Dominators {
    pub fn compute(func: &Func, cfg: &Cfg) -> Dominators {
        let blocks = func.blocks.len();
        let mut dom = Dominators {
            idom: IndexVec::filled(None, blocks),
            interval: IndexVec::filled((1, 0), blocks),
            children: Lists::of(blocks, &[]),
        };
        if !func.has_body() {
            return dom;
        }
        let entry = func.entry();
        dom.idom[entry] = Some(entry);
        let mut changed = true;
        while changed {
            changed = false;
            for block in cfg.reverse_postorder().filter(|&b| b != entry) {
                let known = cfg.preds[block].iter().copied().filter(|&p| dom.idom[p].is_some());
                let new = known.reduce(|a, b| dom.meet(cfg, a, b));
                if new != dom.idom[block] {
                    dom.idom[block] = new;
                    changed = true;
                }
            }
        }
        let others = cfg.reverse_postorder().filter(|&block| block != entry);
        let pairs: Vec<(Block, Block)> = others.filter_map(|block| Some((block, dom.idom[block]?))).collect();
        dom.children = Lists::of(blocks, &pairs);
        dom.number(entry);
        dom
    }

    fn meet(&self, cfg: &Cfg, mut a: Block, mut b: Block) -> Block {
        while a != b {
            // Blocks with an immediate dominator are reachable, hence numbered.
            if cfg.number[a] < cfg.number[b] {
                a = self.idom[a].unwrap_or(b);
            } else {
                b = self.idom[b].unwrap_or(a);
            }
        }
        a
    }

    fn number(&mut self, entry: Block) {
        let mut clock = 0;
        let mut stack = vec![(entry, false)];
        while let Some((block, leaving)) = stack.pop() {
            clock += 1;
            if leaving {
                self.interval[block].1 = clock;
                continue;
            }
            self.interval[block].0 = clock;
            stack.push((block, true));
            stack.extend(self.children[block].iter().rev().map(|&child| (child, false)));
        }
    }

    /// Whether every path from the entry to `b` goes through `a`; true for `a == b`. False when either is unreachable.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let (a, b) = (self.interval[a], self.interval[b]);
        b.0 <= b.1 && a.0 <= b.0 && b.1 <= a.1
    }

    /// The closest strict dominator; none for the entry and unreachable blocks.
    pub fn immediate(&self, block: Block) -> Option<Block> {
        self.idom[block].filter(|&parent| parent != block)
    }

    /// The blocks whose immediate dominator this is, in reverse postorder.
    pub fn children(&self, block: Block) -> &[Block] {
        &self.children[block]
    }
}

/// The natural loops of a function.
#[derive(Clone, Debug)]
pub struct Loops {
    /// Number of loops around each block.
    pub depth: IndexVec<Block, u32>,
    /// Loop headers with the blocks of their loops (the header first).
    pub loops: Vec<(Block, Vec<Block>)>,
}

impl Loops {
    pub fn compute(func: &Func, cfg: &Cfg, dom: &Dominators) -> Loops {
        let mut result = Loops { depth: IndexVec::new(), loops: Vec::new() };
        for _ in 0..func.blocks.len() {
            result.depth.push(0);
        }
        for header in cfg.reverse_postorder() {
            let mut stack: Vec<Block> =
                cfg.preds[header].iter().copied().filter(|&p| dom.dominates(header, p)).collect();
            if stack.is_empty() {
                continue;
            }
            let mut inside = vec![false; func.blocks.len()];
            inside[header.0 as usize] = true;
            let mut blocks = vec![header];
            while let Some(block) = stack.pop() {
                if !std::mem::replace(&mut inside[block.0 as usize], true) {
                    blocks.push(block);
                    stack.extend(&cfg.preds[block]);
                }
            }
            for &block in &blocks {
                result.depth[block] += 1;
            }
            result.loops.push((header, blocks));
        }
        result
    }

    /// Whether the block can run more than once per call, as far as natural loops tell.
    pub fn in_loop(&self, block: Block) -> bool {
        self.depth[block] > 0
    }
}

/// The blocks that lie on a cycle of the graph, natural loop or not (`goto` makes others).
pub fn on_cycle(func: &Func, cfg: &Cfg) -> IndexVec<Block, bool> {
    // Tarjan's strongly connected components, without recursion.
    let count = func.blocks.len();
    let (mut index, mut low) = (vec![0_u32; count], vec![0_u32; count]);
    let mut on_stack = vec![false; count];
    let mut stack = Vec::new();
    let mut clock = 0;
    let mut result = IndexVec::new();
    for _ in 0..count {
        result.push(false);
    }
    if !func.has_body() {
        return result;
    }
    let mut work = vec![(func.entry(), successors(func, func.entry()).collect::<Vec<_>>())];
    let enter = |block: Block, clock: &mut u32, index: &mut [u32], low: &mut [u32]| {
        *clock += 1;
        index[block.0 as usize] = *clock;
        low[block.0 as usize] = *clock;
    };
    enter(func.entry(), &mut clock, &mut index, &mut low);
    stack.push(func.entry());
    on_stack[func.entry().0 as usize] = true;
    while let Some((block, rest)) = work.last_mut() {
        let (block, b) = (*block, block.0 as usize);
        if let Some(next) = rest.pop() {
            let n = next.0 as usize;
            if index[n] == 0 {
                enter(next, &mut clock, &mut index, &mut low);
                stack.push(next);
                on_stack[n] = true;
                work.push((next, successors(func, next).collect()));
            } else if on_stack[n] {
                low[b] = low[b].min(index[n]);
            }
            continue;
        }
        work.pop();
        if let Some((parent, _)) = work.last() {
            let p = parent.0 as usize;
            low[p] = low[p].min(low[b]);
        }
        if low[b] == index[b] {
            let start = stack.iter().rposition(|&x| x == block).unwrap_or(0);
            let component = stack.split_off(start);
            let own_loop = cfg.preds[block].contains(&block);
            for &member in &component {
                on_stack[member.0 as usize] = false;
                result[member] = component.len() > 1 || own_loop;
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dominators_and_loops() {
        let text = "func @f(v0: i1) {
b0: jump b1
b1: br v0, b2, b3
b2: br v0, b4, b5
b4: jump b6
b5: jump b6
b6: jump b1
b3: ret
b7: jump b3
}";
        let program = crate::text::read_program(text).expect("valid text");
        let func = &program.funcs[crate::FuncId(0)];
        let b: Vec<Block> = func.order.clone();
        let cfg = Cfg::compute(func);
        let dom = Dominators::compute(func, &cfg);
        // In text order: b0 b1 b2 b4 b5 b6 b3 b7.
        let [b0, b1, b2, b4, b5, b6, b3, b7] = b[..] else { panic!("eight blocks") };
        assert!(!cfg.is_reachable(b7));
        assert_eq!(cfg.preds[b3], [b1]);
        assert!(dom.dominates(b0, b6) && dom.dominates(b2, b6) && !dom.dominates(b4, b6));
        assert!(!dom.dominates(b0, b7) && !dom.dominates(b7, b3));
        assert_eq!(dom.immediate(b6), Some(b2));
        assert_eq!(dom.immediate(b0), None);
        let loops = Loops::compute(func, &cfg, &dom);
        assert_eq!(loops.loops.len(), 1);
        assert!(loops.in_loop(b5) && loops.in_loop(b1) && !loops.in_loop(b3));
        let cycle = on_cycle(func, &cfg);
        assert!(cycle[b4] && cycle[b6] && !cycle[b0] && !cycle[b3]);
    }
}
