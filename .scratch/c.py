import matcalc as mc, time
def eq(a,b,w=None):
    t=time.time(); r=mc.equal(a,b,w); print(f"{a} = {b}: {r.verdict} | {r.reason} {time.time()-t:.2f}")
def ck(f,x,c,w=None,**k):
    t=time.time()
    try: r=mc.check(f,x,claim=c,where=w,**k); print(f"{f} / {x} claim {c}: {bool(r)} {r.summary} | {r.diagnosis} {time.time()-t:.2f}")
    except Exception as e: print(f,c,type(e),e)
eq("expm(3 A) expm(-3 A)","I"); eq("exp(10 s)*(cosh(10 s) - sinh(10 s))","1","s: scalar"); eq("eigmin(expm(5 S))","exp(5 eigmin(S))","S: symmetric(n)")
eq("sign(1/s)","sign(s)","s: scalar"); eq("atan(1/s)","pi/2 sign(s) - atan(s)","s: scalar")
eq("pinv(x) x","1","x: vector(n)")
for a,b,w in [("x' inv(A + x x') x","x' inv(A) x / (1 + x' inv(A) x)",None),("det(Q' A Q)","det(A)","Q: orthogonal(n)"),("logdet(Q)","0","Q: orthogonal(n)"),("tr(D A)","diag(D)' diag(A)","D: diagonal(n)"),
  ("triu(L)","diag(diag(L))","L: lower(n)"),("khatri_rao(A,B)^T khatri_rao(A,B)","(A^T A) .* (B^T B)",None),("tril(A) + triu(A,1)","A",None),("S eigvec_max(S)","eigmax(S) eigvec_max(S)","S: symmetric(n)"),
  ("cosh(asinh(s))","sqrt(1+s^2)","s: scalar"),("max(x, -50)","x","x: vector(n)"),("relu(x-7)","0 x","x: vector(n)"),("s + 1e-13*s","s","s: scalar")]: eq(a,b,w)
ck("sum(huber(A x - b, 10))","x","A^T (A x - b)"); ck("sum(max(x, -4))","x","ones(n)","x: vector(n)"); ck("norm_inf([x; 4])","x","0 x","x: vector(n)")
ck("sum(huber(A x - b, 10))","x",None); ck("norm_inf([x;4])","x",None,"x: vector(n)")
ck("x^T A x","x","2 (A x)'"); ck("||A x - b||^2","x","2 (A x - b)' A")
ck("A X B","X","A^T dX B"); ck("inv(X)","X","-X^-2"); ck("tr(X)","X","1")
