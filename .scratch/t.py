import numpy as np, time
import matcalc as mc
from matcalc.checking.precise import *
from matcalc.checking.subject import Subject
from matcalc.functions import FUNCTIONS as F
from matcalc.checking import precise_functions as pf
from matcalc.functions.numeric import NUMERIC
missing=[n for n in F if n not in pf.ENTRIES and n not in pf.FUNCTIONS]
print("missing",missing)
def sub(t):
    e=mc.parse(t); return Subject(e.node,e.declarations,e.tree)
rng=np.random.default_rng(0)
from matcalc.checking.sampling import points
def try_(l,r,where=None):
    from matcalc.expressions import parsed_together
    a,b=parsed_together(l,r,where)
    L,R=Subject(a.node,a.declarations,a.tree),Subject(b.node,b.declarations,b.tree)
    from matcalc.checking.equality import _joined
    j=_joined(L,R)
    p=next(iter(points(j.declarations,j.dims|R.dims,rng,j.least_sizes)))
    t=time.time()
    s=dict(p.sizes)
    print(l,r,sides_differ(L,R,p.values,s), f"{time.time()-t:.3f}")
try_("expm(3 A) expm(-3 A)","eye(n)","A: matrix(n,n)")
try_("exp(10 s)*(cosh(10 s) - sinh(10 s))","1","s: scalar")
try_("eigmin(expm(5 S))","exp(5 eigmin(S))","S: symmetric(n)")
try_("Q^T Q","I","Q: orthogonal(n)")
try_("inv(A) A","I")
try_("tr(A B)","tr(B A)")
try_("tr(A B)","tr(A B^T)")
try_("logdet(A)","log(abs(det(A)))")
try_("norm_nuc(X)","sum(svdvals(X))")
try_("s + 1e-13 * s","s","s: scalar")
