exit 1
subject Os { code: 2, kind: NotFound, message: "No such file or directory" }
output 251
[1772614863.675499] page 0 of 7630
[1772614863.675499] page 1 of 7630
[1772614863.675499] page 2 of 7630
[1772614863.675499] page 3 of 7630
[1772614863.675499] page 4 of 7630
Error: Os { code: 2, kind: NotFound, message: "No such file or directory" }

output 181
[1784425294.205827] page 0 of 7683
[1784425294.205827] page 1 of 7683
[1784425294.205827] page 2 of 7683
Error: Os { code: 2, kind: NotFound, message: "No such file or directory" }

